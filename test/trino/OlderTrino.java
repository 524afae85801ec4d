import io.trino.server.testing.TestingTrinoServer;
import io.trino.spi.Plugin;
import io.trino.spi.connector.Connector;
import io.trino.spi.connector.ConnectorContext;
import io.trino.spi.connector.ConnectorFactory;
import io.trino.spi.connector.ConnectorMetadata;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.ConnectorTableHandle;
import io.trino.spi.connector.ConnectorTransactionHandle;
import io.trino.spi.connector.ConnectorViewDefinition;
import io.trino.spi.connector.SchemaTableName;
import io.trino.spi.transaction.IsolationLevel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Starts a Trino 398 on a free port of the loopback, and prints its address. It ends when its standard input ends, so it
 * never outlives the process that started it.
 *
 * Maven has no connector of this version. So the one catalog, named by the argument, holds views only, in memory.
 */
public class OlderTrino {
    public static void main(String[] catalog) throws Exception {
        TestingTrinoServer server = TestingTrinoServer.create();
        server.installPlugin(new ViewsPlugin());
        server.createCatalog(catalog[0], "views");
        System.err.println("SERVER STARTED " + server.getBaseUrl());
        while (System.in.read() != -1) {}
        Runtime.getRuntime().halt(0);
    }

    private static class ViewsPlugin implements Plugin {
        @Override
        public Iterable<ConnectorFactory> getConnectorFactories() {
            return List.of(new ViewsFactory());
        }
    }

    private static class ViewsFactory implements ConnectorFactory {
        @Override
        public String getName() {
            return "views";
        }

        @Override
        public Connector create(String catalog, Map<String, String> properties, ConnectorContext context) {
            return new ViewsConnector();
        }
    }

    private static class ViewsConnector implements Connector {
        private final Views views = new Views();

        @Override
        public ConnectorTransactionHandle beginTransaction(IsolationLevel level, boolean readOnly, boolean autoCommit) {
            return Transaction.ONLY;
        }

        @Override
        public ConnectorMetadata getMetadata(ConnectorSession session, ConnectorTransactionHandle transaction) {
            return views;
        }
    }

    private enum Transaction implements ConnectorTransactionHandle {
        ONLY
    }

    private static class Views implements ConnectorMetadata {
        private final Map<SchemaTableName, ConnectorViewDefinition> definitions = new ConcurrentHashMap<>();

        @Override
        public boolean schemaExists(ConnectorSession session, String schema) {
            return true;
        }

        @Override
        public ConnectorTableHandle getTableHandle(ConnectorSession session, SchemaTableName name) {
            return null;
        }

        @Override
        public void createView(ConnectorSession session, SchemaTableName name, ConnectorViewDefinition view, boolean replace) {
            definitions.put(name, view);
        }

        @Override
        public Optional<ConnectorViewDefinition> getView(ConnectorSession session, SchemaTableName name) {
            return Optional.ofNullable(definitions.get(name));
        }
    }
}
