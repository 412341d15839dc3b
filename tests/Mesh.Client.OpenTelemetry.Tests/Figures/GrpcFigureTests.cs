using Mesh.Client.OpenTelemetry.Tests.Fakes;

namespace Mesh.Client.OpenTelemetry.Tests.Figures;

/// <summary>The figures of a gRPC call, whose outcome comes after its messages.</summary>
public sealed class GrpcFigureTests
{
    private const string Duration = "mesh.client.request.duration";
    private const string Attempts = "mesh.client.attempts";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("0", "success")]
    [InlineData("14", "failure")]
    [InlineData("8", "overloaded")]
    [InlineData("5", "success")]
    public async Task Call_StatusComesAfterAStream_IsToldWithIt(string sent, string outcome)
    {
        var last = new TaskCompletionSource();
        await using Backend backend = await GrpcCalls.StartStreamAsync(sent, last.Task);
        using CallingMesh mesh = GrpcCalls.Mesh(backend);
        using var figures = new CollectedFigures();

        using HttpResponseMessage response = await GrpcCalls.CallAsync(mesh);
        using Stream messages = await response.Content.ReadAsStreamAsync(Token);
        await messages.ReadExactlyAsync(new byte[GrpcCalls.Message.Length], Token);
        Assert.Empty(figures.Of(Duration));
        Assert.Empty(figures.Of(Attempts));
        last.SetResult();
        Assert.Equal(0, await messages.ReadAsync(new byte[1], Token));

        Assert.Equal(1, figures.Value(Duration, ("mesh.outcome", outcome), ("http.response.status_code", 200)));
        Assert.Equal(1, figures.Value(Attempts, ("mesh.outcome", outcome)));
    }

    [Fact]
    public async Task Call_StatusComesAlone_IsToldAtOnce()
    {
        await using Backend backend = await GrpcCalls.StartAsync(static context =>
        {
            context.Response.Headers["grpc-status"] = "13";
            return Task.CompletedTask;
        });
        using CallingMesh mesh = GrpcCalls.Mesh(backend);
        using var figures = new CollectedFigures();

        using HttpResponseMessage response = await GrpcCalls.CallAsync(mesh);

        Assert.Equal(1, figures.Value(Duration, ("mesh.outcome", "failure")));
        Assert.Equal(1, figures.Value(Attempts, ("mesh.outcome", "failure")));
    }

    [Fact]
    public async Task Call_StreamIsDisposed_IsCanceledAndItsAttemptSaysNothing()
    {
        await using Backend backend = await GrpcCalls.StartStreamAsync("0", Task.Delay(Timeout.Infinite, Token));
        using CallingMesh mesh = GrpcCalls.Mesh(backend);
        using var figures = new CollectedFigures();

        (await GrpcCalls.CallAsync(mesh)).Dispose();

        Assert.Equal(1, figures.Value(Duration, ("mesh.outcome", "canceled")));
        Assert.Equal(1, figures.Value(Attempts, ("mesh.outcome", "ignored")));
    }
}
