using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mesh.IntegrationTests.Certificates;

namespace Mesh.IntegrationTests.Grpc.Peers;

/// <summary>A foreign gRPC client, for servers of these tests.</summary>
internal sealed class PeerClient : IAsyncDisposable
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    private readonly PeerProcess _process;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<PeerReply>> _waiting = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Task _reading;
    private int _last;

    private PeerClient(PeerProcess process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    /// <summary>Starts a client.</summary>
    /// <param name="kind">Whose gRPC.</param>
    /// <param name="port">The server's port on 127.0.0.1.</param>
    /// <param name="authority">Trusted; without one the client speaks h2c.</param>
    public static async Task<PeerClient> StartAsync(PeerKind kind, int port, TestAuthority? authority = null)
    {
        PeerOptions options = new() { Target = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), Ca = authority?.PathOf("authority") };
        (PeerProcess process, string line) = await PeerProcess.StartAsync(kind, "client", options);
        Assert.Equal("ready", line);
        return new PeerClient(process);
    }

    /// <summary>Calls a method of TestService or Health, and waits for the end of the call. Calls may overlap.</summary>
    /// <param name="method">Its name.</param>
    /// <param name="messages">The requests as JSON; field names as in the proto files, bytes as base64.</param>
    /// <param name="metadata">Request headers; those with <c>-bin</c> as base64.</param>
    /// <param name="deadline">The deadline; none by default.</param>
    /// <param name="cancelAfter">The number of responses after which the client cancels; 0 never.</param>
    public async Task<PeerReply> CallAsync(string method, string messages = "[{}]", IReadOnlyDictionary<string, string>? metadata = null, TimeSpan? deadline = null, int cancelAfter = 0)
    {
        int id = Interlocked.Increment(ref _last);
        JsonObject asked = new() { ["id"] = id, ["method"] = method, ["messages"] = JsonNode.Parse(messages), ["metadata"] = JsonSerializer.SerializeToNode(metadata ?? new Dictionary<string, string>()) };
        if (deadline is { } time)
        {
            asked["deadlineMs"] = (int)time.TotalMilliseconds;
        }

        if (cancelAfter > 0)
        {
            asked["cancelAfter"] = cancelAfter;
        }

        var reply = new TaskCompletionSource<PeerReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = reply;
        await _writing.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await _process.WriteLineAsync(asked.ToJsonString());
        }
        finally
        {
            _writing.Release();
        }

        Task ended = await Task.WhenAny(reply.Task, _reading).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.True(ended == reply.Task || reply.Task.IsCompleted, $"The client ended: {_process.Errors}");
        return await reply.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _writing.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.ReadLineAsync() is { } line)
        {
            PeerReply reply = JsonSerializer.Deserialize<PeerReply>(line, s_json)!;
            if (_waiting.TryRemove(reply.Id, out TaskCompletionSource<PeerReply>? waiting))
            {
                waiting.SetResult(reply);
            }
        }
    }
}
