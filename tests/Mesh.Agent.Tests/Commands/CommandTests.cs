using Mesh.Agent.Tests.Support;

namespace Mesh.Agent.Tests.Commands;

/// <summary>The program as a shell sees it.</summary>
public sealed class CommandTests
{
    [Theory]
    [InlineData(0, "--help")]
    [InlineData(0, "help")]
    [InlineData(0, "run", "--help")]
    [InlineData(2)]
    [InlineData(2, "walk")]
    [InlineData(2, "run", "--confg", "x")]
    [InlineData(2, "run", "--config")]
    [InlineData(2, "run", "check")]
    [InlineData(2, "run", "--config", "/no/such/file.json")]
    [InlineData(2, "check", "--config=/no/such/file.json")]
    [InlineData(0, "version")]
    [InlineData(0, "--version")]
    [InlineData(0, "help", "explain")]
    [InlineData(0, "schema")]
    [InlineData(2, "check", "--json")]
    [InlineData(2, "run", "-H", "a: b")]
    [InlineData(2, "explain")]
    [InlineData(2, "explain", "GET")]
    [InlineData(2, "explain", "orders/today")]
    [InlineData(2, "explain", "ftp://orders/")]
    [InlineData(2, "explain", "GE T", "http://orders/")]
    [InlineData(2, "explain", "GET", "http://orders/", "x")]
    [InlineData(2, "explain", "http://orders/", "-H", "no colon")]
    [InlineData(2, "explain", "http://orders/", "--config", "/no/such/file.json")]
    [InlineData(1, "explain", "http://orders/", "--admin", "http://127.0.0.1:1")]
    [InlineData(1, "explain", "http://orders/", "--admin", "unix:/no/such.sock")]
    [InlineData(1, "explain", "http://orders/", "--admin", "15000")]
    public async Task Code_OfACommand_IsTheExitCode(int code, params string[] args) => Assert.Equal(code, (await Command.RunAsync(args)).Code);

    [Fact]
    public async Task Help_OfTheProgram_NamesEveryCommand()
    {
        (_, string output, string errors) = await Command.RunAsync("--help");

        Assert.Equal("", errors);
        Assert.All(["run", "check", "explain", "schema", "version", "help", "--config", "Exit codes"], word => Assert.Contains(word, output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("run", "http_proxy")]
    [InlineData("check", "Exit codes")]
    [InlineData("explain", "--admin")]
    [InlineData("schema", "$schema")]
    [InlineData("version", "prints")]
    [InlineData("", "Usage")]
    public async Task Help_OfACommand_IsOnlyOfIt(string command, string part)
    {
        (_, string asked, _) = await Command.RunAsync("help", command);
        (_, string flag, _) = await Command.RunAsync(command.Length > 0 ? [command, "--help"] : ["-h"]);

        Assert.Equal(asked, flag);
        Assert.Contains(part, asked, StringComparison.Ordinal);
        Assert.All(asked.Split('\n'), static line => Assert.True(line.Length <= 120, line));
        Assert.StartsWith($"mesh-agent{(command.Length > 0 ? " " : "")}{command}", asked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chekc", "did you mean \"check\"?")]
    [InlineData("--confg", "did you mean \"--config\"?")]
    public async Task Word_ThatIsMisspelt_HasASuggestion(string word, string part) => Assert.Contains(part, (await Command.RunAsync(word)).Errors, StringComparison.Ordinal);

    [Fact]
    public async Task Check_OfARegistrationOfTheMesh_SaysItOnce()
    {
        using var file = new ConfigFile("""{ "Mesh": { "Registration": { "Weight": 2 } } }""");

        (int code, _, string errors) = await Command.RunAsync("check", "-c", file.Path);

        Assert.Equal(2, code);
        Assert.Contains("1 found", errors, StringComparison.Ordinal);
        Assert.Contains("Mesh:Registration is not of the agent", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("run")]
    public async Task Logging_OfAWrongLevel_IsNamed(string command)
    {
        using var file = new ConfigFile("""{ "Logging": { "LogLevel": { "Default": "Inform" } }, "Agent": { "Outbound": [ ], "Admin": "" } }""");

        (int code, _, string errors) = await Command.RunAsync(command, "-c", file.Path);

        Assert.Equal(2, code);
        Assert.Contains("Logging:LogLevel:Default = \"Inform\" is not known; write one of Trace, Debug", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfAGoodFile_SaysSo()
    {
        using var file = new ConfigFile("""{ "$schema": "x", "Mesh": { "Services": { "orders": { "Timeout": "00:00:05" } } }, "Agent": { "Admin": "", "PassThrough": [ "*" ] }, "Logging": { } }""");

        (int code, string output, string errors) = await Command.RunAsync("check", "--config", file.Path);

        Assert.Equal((0, $"the configuration {file.Path} is valid{Environment.NewLine}", ""), (code, output, errors));
    }

    [Fact]
    public async Task Check_OfABadFile_NamesEveryError()
    {
        using var file = new ConfigFile("""
            {
              "Mesh": { "Services": { "orders": { "Timeout": "30", "Retrry": { } } }, "Discovery": { "Sources": [ "Cosnul" ] } },
              "Agnet": { },
              "Agent": {
                "Outbund": [ ],
                "Outbound": [ "http://0.0.0.0:1", "ftp://x", "unix:relative", "http://127.0.0.1:5", "http://localhost:5" ],
                "Admin": "http://127.0.0.1:99999",
                "PassThrough": [ "http://example.com" ],
                "RemoteAdmin": "maybe"
              }
            }
            """);

        (int code, _, string errors) = await Command.RunAsync("check", "--config", file.Path);

        Assert.Equal(2, code);
        foreach (string part in new[]
        {
            "Agnet is no section of the agent's configuration; did you mean \"Agent\"?",
            "Agent:Outbund is no key of the mesh; did you mean \"Outbound\"?",
            "Agent:Outbound = \"http://0.0.0.0:1\" can be reached from other machines",
            "Agent:Outbound:1 = \"ftp://x\" is no address to listen on",
            "Agent:Outbound:2 = \"unix:relative\" has no absolute path of a socket",
            "Agent:Outbound = \"http://127.0.0.1:5\" is listened on already",
            "Agent:Admin = \"http://127.0.0.1:99999\" has no valid port",
            "Agent:PassThrough:0 = \"http://example.com\" is no host",
            "Agent:RemoteAdmin = \"maybe\" is neither",
            "Mesh:Services:orders:Timeout = \"30\" is not a duration",
            "Mesh:Services:orders:Retrry is no key of the mesh; did you mean \"Retry\"?",
            "Mesh:Discovery:Sources:0 = \"Cosnul\"",
            "12 found",
        })
        {
            Assert.Contains(part, errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Check_OfAFileThatIsNoJson_SaysWhere()
    {
        using var file = new ConfigFile("{\n \"Mesh\": \n");

        (int code, _, string errors) = await Command.RunAsync("check", "--config", file.Path);

        Assert.Equal(2, code);
        Assert.Contains("LineNumber: 2", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OfABadFile_NamesEveryErrorAndEnds()
    {
        using var file = new ConfigFile("""{ "Mesh": { "Servces": { } }, "Agent": { "Amdin": "" } }""");

        (int code, _, string errors) = await Command.RunAsync("run", "--config", file.Path);

        Assert.Equal(2, code);
        Assert.Contains("Mesh:Servces is no key of the mesh; did you mean \"Services\"?", errors, StringComparison.Ordinal);
        Assert.Contains("Agent:Amdin is no key of the mesh; did you mean \"Admin\"?", errors, StringComparison.Ordinal);
    }
}
