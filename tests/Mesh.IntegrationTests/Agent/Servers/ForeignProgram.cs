using Mesh.IntegrationTests.Consul.Servers;

namespace Mesh.IntegrationTests.Agent.Servers;

/// <summary>Finds a program that is not of this project, among the tools or on the machine's path.</summary>
internal static class ForeignProgram
{
    /// <summary>Where it is. Where it is missing the test is skipped.</summary>
    /// <param name="name">Its name, and that of its folder under <c>MESH_TOOLS</c>.</param>
    /// <param name="isInstalled">Whether tests/run.sh installs it: then the test fails if <c>CI</c> is true.</param>
    public static string Require(string name, bool isInstalled)
    {
        string tools = Environment.GetEnvironmentVariable("MESH_TOOLS") ?? Path.Combine(ConsulServer.Repository, ".tools");
        string[] folders = [Path.Combine(tools, name), .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/sbin"];
        string? found = folders.Select(f => Path.Combine(f, name)).FirstOrDefault(File.Exists);
        if (found is null)
        {
            string missing = $"There is no {name} under $MESH_TOOLS or on the path. Remedy: {(isInstalled ? "bash tests/run.sh installs it on Debian; elsewhere " : "")}put it at .tools/{name}/{name}.";
            Assert.False(isInstalled && Environment.GetEnvironmentVariable("CI") == "true", missing);
            Assert.Skip(missing);
        }

        return found!;
    }
}
