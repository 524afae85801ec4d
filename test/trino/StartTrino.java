/**
 * Starts a Trino server, configured by system properties: Maven has its jars but no launcher. It ends when its standard
 * input ends, so it never outlives the process that started it.
 */
public class StartTrino {
    public static void main(String[] version) throws Exception {
        new io.trino.server.Server().start(version[0]);
        while (System.in.read() != -1) {}
        System.exit(0);
    }
}
