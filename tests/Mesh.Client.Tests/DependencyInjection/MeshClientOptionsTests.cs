using Mesh.Client.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Mesh.Client.Tests.DependencyInjection;

public sealed class MeshClientOptionsTests
{
    [Theory]
    [InlineData(-1, null, null, "Timeout -00:00:01 is negative")]
    [InlineData(86401, null, null, "Timeout 1.00:00:01 is out of range")]
    [InlineData(null, -1, null, "AttemptTimeout -00:00:01 is negative")]
    [InlineData(null, null, 0, "MaxAttempts 0 is out of range; write a whole number from 1 to 20")]
    [InlineData(null, null, 21, "MaxAttempts 21 is out of range; write a whole number from 1 to 20")]
    public void AddMesh_ValueOutOfRange_FailsTheClientWithAnErrorThatNamesIt(int? timeout, int? attemptTimeout, int? maxAttempts, string message)
    {
        using var mesh = new ScriptedMesh(client: c => c.AddMesh(o => Set(o, timeout, attemptTimeout, maxAttempts)));

        var error = Assert.Throws<OptionsValidationException>(() => mesh.Client);

        Assert.Contains("\"test\"", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddMesh_EverythingOutOfRange_FailsWithAllOfIt()
    {
        using var mesh = new ScriptedMesh(client: static c => c.AddMesh(static o => Set(o, -1, -1, -1)));

        Assert.Equal(3, Assert.Throws<OptionsValidationException>(() => mesh.Client).Failures.Count());
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(86400, 86400, 20)]
    [InlineData(null, null, null)]
    public void AddMesh_ValueWithinItsRange_IsTaken(int? timeout, int? attemptTimeout, int? maxAttempts)
    {
        using var mesh = new ScriptedMesh(client: c => c.AddMesh(o => Set(o, timeout, attemptTimeout, maxAttempts)));

        Assert.NotNull(mesh.Client);
    }

    private static void Set(MeshClientOptions options, int? timeout, int? attemptTimeout, int? maxAttempts)
    {
        options.Timeout = timeout is { } t ? TimeSpan.FromSeconds(t) : null;
        options.AttemptTimeout = attemptTimeout is { } a ? TimeSpan.FromSeconds(a) : null;
        options.MaxAttempts = maxAttempts;
    }
}
