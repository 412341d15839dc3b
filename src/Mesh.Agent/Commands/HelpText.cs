namespace Mesh.Agent.Commands;

/// <summary>What <c>--help</c> says.</summary>
internal static class HelpText
{
    private const string Program = """
        mesh-agent: takes programs in any language into the mesh.

        Usage
          mesh-agent run [--config FILE]        run the agent until it is told to stop
          mesh-agent check [--config FILE]      name everything that is wrong with the configuration
          mesh-agent explain [METHOD] URL ...   tell which way a request would take, and why
          mesh-agent schema                     print the JSON schema of the configuration
          mesh-agent version                    print the version
          mesh-agent help COMMAND               say more of a command

        Options
          -c, --config FILE   the configuration, a JSON file with the sections "Mesh" and "Agent"; by default the file
                              that MESH_AGENT_CONFIG names, and without that the environment alone
          -h, --help          this text, or that of a command

        Exit codes
          0  stopped as it was told, or nothing to complain about
          1  something went wrong while it ran, such as an address that is in use
          2  called wrongly, or the configuration is not valid
          3  explain: the request would reach nobody now

        """;

    private const string Run = """
        mesh-agent run [--config FILE]: runs the agent until SIGTERM or Ctrl+C, which let requests under way finish; the
        second one ends them. SIGHUP has the file looked at now.

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
          change at the next start. A file that is not valid is refused as a whole, and the last good one stays.

        Calling services through it
          http_proxy=http://127.0.0.1:15001 curl http://orders/today
          curl -H 'Host: orders' http://127.0.0.1:15001/today
          curl --unix-socket /run/mesh/outbound.sock http://orders/today

          An answer of the agent's own has the header x-mesh-reason, and says in its body what happened and what to do.

        Exit codes
          0  stopped as it was told
          1  something went wrong while it ran, such as an address that is in use
          2  the configuration is not valid; what is wrong with it stands on standard error

        """;

    private const string Check = """
        mesh-agent check [--config FILE]: reads the configuration as run would, with what the environment says over it,
        and names everything that is wrong with it: the key, its value and the remedy. Nobody is called.

        Keys that are not known are errors, with the known one that comes nearest.

        Exit codes
          0  it is valid
          2  it is not, or cannot be read; what is wrong with it stands on standard error

        """;

    private const string Explain = """
        mesh-agent explain [METHOD] URL [-H 'NAME: VALUE']... [--config FILE | --admin ADDRESS] [--json]: tells which
        route, subset and endpoints a request would take, and why. The request is not sent.

          mesh-agent explain --config agent.json GET http://orders/v2/x -H 'x-beta: 1'
          mesh-agent explain --admin http://127.0.0.1:15000 http://orders/v2/x

        Options
          -H, --header 'NAME: VALUE'   a header of the request; may be given more than once
          -c, --config FILE            the configuration of the agent, as for run. The registries that it names are asked,
                                       endpoints are not: their breakers and health are those of an agent that just began
              --admin ADDRESS          ask the agent that runs there instead, which knows how its endpoints are:
                                       http://127.0.0.1:15000 or unix:/path/of/the.sock, its Agent:Admin
              --json                   JSON, as GET /mesh/api/explain of the admin API answers

        Exit codes
          0  it would reach an endpoint, be answered by the mesh, or pass through
          1  the agent or the configuration could not be asked
          2  called wrongly, or the configuration is not valid
          3  it would reach nobody now, or one of the ways that chance decides on leads nowhere

        """;

    private const string Schema = """
        mesh-agent schema: prints the JSON schema (draft 2020-12) of the configuration file. An editor that is given it
        by "$schema": "./agent.schema.json" completes keys, shows what they mean and marks what is wrong.

          mesh-agent schema > agent.schema.json

        """;

    private const string Version = """
        mesh-agent version: prints the version.

        """;

    /// <summary>Says how a command is used.</summary>
    /// <param name="topic">The command; empty for the program as a whole.</param>
    public static string Of(string topic) => topic switch
    {
        "run" => Run,
        "check" => Check,
        "explain" => Explain,
        "schema" => Schema,
        "version" => Version,
        _ => Program,
    };
}
