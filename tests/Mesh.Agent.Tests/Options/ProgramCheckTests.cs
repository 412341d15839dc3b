using Mesh.Agent.Options;
using Mesh.Client.Model;
using Microsoft.Extensions.Configuration;

namespace Mesh.Agent.Tests.Options;

/// <summary>How a program is asked whether it is well.</summary>
public sealed class ProgramCheckTests
{
    [Theory]
    [InlineData("", "Tcp", "")]
    [InlineData("tcp", "Tcp", "")]
    [InlineData("/healthz", "Http", "/healthz")]
    [InlineData(" /healthz?deep=1 ", "Http", "/healthz?deep=1")]
    [InlineData("grpc", "Grpc", "")]
    [InlineData("GRPC:", "Grpc", "")]
    [InlineData("grpc:inventory.v1.Inventory", "Grpc", "inventory.v1.Inventory")]
    public void Compile_OfAWord_IsTheCheck(string text, string type, string path)
    {
        Assert.Null(ProgramCheck.Parse(text, out string word));

        HealthCheckPolicy policy = ProgramCheck.Compile(word, new HealthCheckPolicy());

        Assert.Equal((type, path), (policy.Type.ToString(), policy.Path));
    }

    [Theory]
    [InlineData("healthz", "is no health check; write a path such as \"/healthz\"")]
    [InlineData("/a b", "is no health check")]
    [InlineData("grpc:/a/b", "is no name of a gRPC service")]
    [InlineData("grpc:a b", "is no name of a gRPC service")]
    [InlineData("grpcs", "is no health check")]
    public void Check_OfABadWord_SaysWhatToWrite(string text, string problem)
    {
        using var configuration = new ConfigurationManager();
        configuration["Agent:Inbound:0:Service"] = "inventory";
        configuration["Agent:Inbound:0:Listen"] = "http://127.0.0.1:1";
        configuration["Agent:Inbound:0:Forward"] = "http://127.0.0.1:2";
        configuration["Agent:Inbound:0:HealthCheck"] = text;
        configuration["Agent:DrainDelay"] = "00:11:00";
        configuration["Agent:MaxConnections"] = "0";

        IReadOnlyList<string> errors = AgentConfiguration.Check(configuration);

        Assert.Equal(3, errors.Count);
        Assert.Contains(errors, e => e.StartsWith($"Agent:Inbound:0:HealthCheck = \"{text}\" {problem}", StringComparison.Ordinal));
        Assert.Contains("Agent:DrainDelay = \"00:11:00\" is out of range; write a duration from 00:00:00 to 00:10:00.", errors);
        Assert.Contains("Agent:MaxConnections = \"0\" is out of range; write a whole number from 1 to 1000000.", errors);
    }
}
