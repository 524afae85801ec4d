/** Starts a Trino server in the foreground, configured by system properties: Maven has its jars but no launcher. */
public class StartTrino {
    public static void main(String[] version) {
        new io.trino.server.Server().start(version[0]);
    }
}
