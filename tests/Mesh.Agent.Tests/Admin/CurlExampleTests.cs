using System.Diagnostics;
using System.Text.RegularExpressions;
using Mesh.Agent.Tests.Support;
using Mesh.Client.AspNetCore.Tests.Lifecycle;
using Mesh.Client.Registration;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Agent.Tests.Admin;

/// <summary>What docs/agent.md says to type at the admin listener, typed.</summary>
public sealed partial class CurlExampleTests
{
    [Fact]
    public async Task Examples_OfThePage_Work()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/curl") && File.Exists("/bin/sh"), "this machine has no curl");
        string[] examples = [.. Read()];
        Assert.InRange(examples.Length, 8, 40);
        var registry = new FakeRegistrar();
        await using TestAgent agent = await TestAgent.StartAsync([new Uri("http://10.0.0.1:80")], [("Agent:DrainDelay", "00:00:00")], mesh => mesh.Services.AddSingleton<IServiceRegistrar>(registry));

        foreach (string example in examples)
        {
            (int code, string output) = await RunAsync(example.Replace("localhost:15000", $"127.0.0.1:{agent.Admin.Port}", StringComparison.Ordinal));

            // A stream goes on until its reader has seen enough, which curl calls a timeout.
            bool streams = example.Contains("watch=1", StringComparison.Ordinal) || example.Contains("/stream", StringComparison.Ordinal);
            Assert.True(code == (streams ? 28 : 0), $"{example}\nended with {code}:\n{output}");
            Assert.True(!streams || output.Contains("event: ", StringComparison.Ordinal), output);
        }

        Assert.NotEmpty(registry.Registered);
        Assert.NotEmpty(registry.Deregistered);
    }

    private static IEnumerable<string> Read()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "docs", "agent.md")))
        {
            folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar)) ?? throw new FileNotFoundException("docs/agent.md");
        }

        string page = File.ReadAllText(Path.Combine(folder, "docs", "agent.md"));
        string section = page[page.IndexOf("## The admin listener", StringComparison.Ordinal)..page.IndexOf("## Configuration", StringComparison.Ordinal)];
        return Block().Matches(section).SelectMany(static b => b.Groups["text"].Value.Replace("\\\n", "", StringComparison.Ordinal).Split('\n'))
            .Where(static line => line.StartsWith("curl ", StringComparison.Ordinal));
    }

    private static async Task<(int Code, string Output)> RunAsync(string line)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"curl() {{ command curl --fail-with-body --silent --show-error --max-time 2 --noproxy '*' \"$@\"; }}; {line}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string errors = await shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (shell.ExitCode, await output + errors);
    }

    [GeneratedRegex("```sh\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
