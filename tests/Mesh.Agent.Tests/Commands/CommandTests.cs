using Mesh.Agent.Commands;

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
    public async Task Code_OfACommand_IsTheExitCode(int code, params string[] args) => Assert.Equal(code, (await RunAsync(args)).Code);

    [Fact]
    public async Task Help_OfTheProgram_NamesEveryCommand()
    {
        (_, string output, string errors) = await RunAsync("--help");

        Assert.Equal("", errors);
        Assert.All(["run", "check", "version", "--config", "http_proxy", "Exit codes"], word => Assert.Contains(word, output, StringComparison.Ordinal));
        Assert.All(output.Split('\n'), static line => Assert.True(line.Length <= 120, line));
    }

    [Fact]
    public async Task Check_OfAGoodFile_SaysSo()
    {
        using var file = new ConfigFile("""{ "$schema": "x", "Mesh": { "Services": { "orders": { "Timeout": "00:00:05" } } }, "Agent": { "Admin": "", "PassThrough": [ "*" ] }, "Logging": { } }""");

        (int code, string output, string errors) = await RunAsync("check", "--config", file.Path);

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

        (int code, _, string errors) = await RunAsync("check", "--config", file.Path);

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

        (int code, _, string errors) = await RunAsync("check", "--config", file.Path);

        Assert.Equal(2, code);
        Assert.Contains("LineNumber: 2", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OfABadFile_NamesEveryErrorAndEnds()
    {
        using var file = new ConfigFile("""{ "Mesh": { "Servces": { } }, "Agent": { "Amdin": "" } }""");

        (int code, _, string errors) = await RunAsync("run", "--config", file.Path);

        Assert.Equal(2, code);
        Assert.Contains("Mesh:Servces is no key of the mesh; did you mean \"Services\"?", errors, StringComparison.Ordinal);
        Assert.Contains("Agent:Amdin is no key of the mesh; did you mean \"Admin\"?", errors, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        int code = await AgentCommand.RunAsync(args, output, errors, TestContext.Current.CancellationToken);
        return (code, output.ToString(), errors.ToString());
    }
}
