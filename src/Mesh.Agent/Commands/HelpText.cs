namespace Mesh.Agent.Commands;

/// <summary>What <c>--help</c> says.</summary>
internal static class HelpText
{
    public const string Text = """
        mesh-agent: takes programs in any language into the mesh.

        Usage
          mesh-agent run [--config FILE]      run the agent until it is told to stop (SIGTERM, Ctrl+C)
          mesh-agent check [--config FILE]    read the configuration and name everything that is wrong with it
          mesh-agent version                  print the version

        Options
          -c, --config FILE   the configuration, JSON with the sections "Mesh" and "Agent"; by default the file that
                              MESH_AGENT_CONFIG names, and without that the environment alone
          -h, --help          this text

        Configuration
          The section "Mesh" is that of the library Mesh.Client: docs/configuration.md. The section "Agent" beside it:

          {
            "Agent": {
              "Outbound": [ "http://127.0.0.1:15001", "unix:/run/mesh/outbound.sock" ],
              "Admin": "http://127.0.0.1:15000",
              "Inbound": [ { "Service": "inventory", "Listen": "http://0.0.0.0:18080",
                             "Forward": "http://127.0.0.1:9000", "HealthCheck": "/healthz" } ],
              "PassThrough": [ "api.example.com", "*.internal" ]
            },
            "Mesh": {
              "Services": { "orders": { "Endpoints": [ { "Address": "http://10.0.0.1:8080" } ] } }
            }
          }

          Each key can stand in the environment instead, with __ for each step, and counts more there:
          Agent__Outbound__0=http://127.0.0.1:15001. A change of the file counts at once where it can; listeners
          change at the next start.

        Calling services through it
          http_proxy=http://127.0.0.1:15001 curl http://orders/today
          curl -H 'Host: orders' http://127.0.0.1:15001/today
          curl --unix-socket /run/mesh/outbound.sock http://orders/today

        An answer of the agent's own has the header x-mesh-reason, and says in its body what happened and what to do.

        Exit codes
          0  stopped as it was told, or nothing to complain about
          1  something went wrong while it ran, such as an address that is in use
          2  called wrongly, or the configuration is not valid

        """;
}
