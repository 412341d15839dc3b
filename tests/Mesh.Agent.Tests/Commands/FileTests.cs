using Mesh.Agent.Options;
using Mesh.Agent.Tests.Support;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Agent.Tests.Commands;

/// <summary>The file of a running agent, however it is changed and wherever it is.</summary>
public sealed class FileTests
{
    private const string Changed = "The configuration of the agent changed";

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    // As Kubernetes does it: the folder is a link, and another one takes its place.
    [Fact]
    public async Task File_WhoseFolderIsPutElsewhere_IsReadAgain()
    {
        using var file = new ConfigFile(Text("a.example"));
        string folder = Path.GetDirectoryName(file.Path)!;
        Directory.CreateDirectory(Path.Combine(folder, "v1"));
        Directory.CreateDirectory(Path.Combine(folder, "v2"));
        File.Move(file.Path, Path.Combine(folder, "v1", "agent.json"));
        await File.WriteAllTextAsync(Path.Combine(folder, "v2", "agent.json"), Text("b.example"), Ended);
        File.CreateSymbolicLink(Path.Combine(folder, "..data"), "v1");
        File.CreateSymbolicLink(file.Path, "..data/agent.json");
        using var agent = new AgentProcess([], "run", "-c", file.Path);
        await agent.ReadyAsync();

        File.Delete(Path.Combine(folder, "..data"));
        File.CreateSymbolicLink(Path.Combine(folder, "..data"), "v2");

        await Until.HoldsAsync(() => agent.Output.Contains(Changed, StringComparison.Ordinal));
        Assert.Equal(0, await agent.TerminateAsync());
    }

    [Fact]
    public async Task File_AmongManyFolders_CostsNothingForThem()
    {
        using var file = new ConfigFile(Text("a.example"));
        for (int i = 0; i < 100; i++)
        {
            Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(file.Path)!, $"{i}", "deeper"));
        }

        using var agent = new AgentProcess([], "run", "-c", file.Path);
        await agent.ReadyAsync();

        int watched = Directory.EnumerateFiles($"/proc/{agent.Id}/fdinfo").Sum(static f => File.ReadLines(f).Count(static l => l.StartsWith("inotify ", StringComparison.Ordinal)));
        Assert.InRange(watched, 0, 10);
    }

    [Fact]
    public async Task HangUp_OfARunningAgent_ReadsTheFileAndNothingElse()
    {
        using var file = new ConfigFile(Text("a.example"));
        using var agent = new AgentProcess([], "run", "-c", file.Path);
        await agent.ReadyAsync();

        agent.Signal(1);
        await File.WriteAllTextAsync(file.Path, Text("b.example"), Ended);
        agent.Signal(1);

        await Until.HoldsAsync(() => agent.Output.Contains(Changed, StringComparison.Ordinal));
        Assert.Equal(0, await agent.TerminateAsync());
    }

    [Theory]
    [InlineData("", "does not contain any JSON tokens")]
    [InlineData("[]", "is no JSON that can be read")]
    [InlineData("{ \"Agent\": { \"Admin\": \"\u00c3\u0028\" } }", "is no UTF-8. Save it in that encoding.")]
    public async Task Check_OfBytesThatAreNoConfiguration_SaysWhy(string latin1, string problem)
    {
        using var file = new ConfigFile("");
        await File.WriteAllBytesAsync(file.Path, System.Text.Encoding.Latin1.GetBytes(latin1), Ended);

        (int code, _, string errors) = await Command.RunAsync("check", "--config", file.Path);

        Assert.Equal(2, code);
        Assert.Contains(problem, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfAFolder_SaysSo()
    {
        using var file = new ConfigFile("{}");

        (int code, _, string errors) = await Command.RunAsync("check", "--config", Path.GetDirectoryName(file.Path)!);

        Assert.Equal(2, code);
        Assert.Contains("is a folder. Name the file in it.", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfAFileThatIsTooLong_ReadsNoMoreOfIt()
    {
        using var file = new ConfigFile("{}");
        await using (FileStream stream = File.OpenWrite(file.Path))
        {
            stream.SetLength(AgentFileSource.MaxBytes + 1L);
        }

        (int code, _, string errors) = await Command.RunAsync("check", "--config", file.Path);

        Assert.Equal(2, code);
        Assert.Contains("is longer than 16 MiB, which no configuration is.", errors, StringComparison.Ordinal);
    }

    // It took more than a minute while each key was compared with all others.
    [Fact]
    public async Task Check_OfTwentyThousandServices_IsDone()
    {
        using var file = new ConfigFile($$"""{ "Mesh": { "Services": { {{string.Join(", ", Enumerable.Range(0, 20_000).Select(static i => $"\"s{i}\": {{ \"Endpoints\": [ {{ \"Address\": \"http://10.0.0.1:80\" }} ] }}"))}} } } }""");

        (int code, _, string errors) = await Task.Run(() => Command.RunAsync("check", "--config", file.Path), Ended).WaitAsync(TimeSpan.FromSeconds(30), Ended);

        Assert.Equal((0, ""), (code, errors));
    }

    private static string Text(string passed) => $$"""{ "Mesh": { "Discovery": { "CacheDirectory": "" } }, "Agent": { "Outbound": [ "http://127.0.0.1:0" ], "Admin": "", "PassThrough": [ "{{passed}}" ] } }""";
}
