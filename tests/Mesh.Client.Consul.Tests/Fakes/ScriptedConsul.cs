using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Mesh.Client.Testing;

namespace Mesh.Client.Consul.Tests.Fakes;

/// <summary>
/// Consul's HTTP API on a manual clock: each path has a state with an index, and a blocking query is held until the index is another one or the wait is over. What
/// a test puts into <see cref="Next"/> is answered first, at once, whatever is asked for.
/// </summary>
internal sealed class ScriptedConsul(ManualTimeProvider clock) : HttpMessageHandler
{
    private readonly ConcurrentDictionary<string, Reply> _states = new();
    private readonly DateTimeOffset _start = clock.GetUtcNow();
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<Asked> Requests { get; } = [];

    public ConcurrentQueue<Reply> Next { get; } = [];

    /// <summary>The questions about a path.</summary>
    public Asked[] About(string path) => [.. Requests.Where(r => r.Path == path)];

    public void Set(string path, Reply reply)
    {
        lock (_lock)
        {
            _states[path] = reply;
            TaskCompletionSource before = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            before.SetResult();
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = new Asked(request.RequestUri!, clock.GetUtcNow() - _start, request.Headers.TryGetValues("X-Consul-Token", out IEnumerable<string>? token) ? token.Single() : null);
        Requests.Enqueue(asked);
        await Task.Yield();
        if (Next.TryDequeue(out Reply? scripted))
        {
            return await AnswerAsync(scripted, cancellationToken);
        }

        ulong index = ulong.Parse(asked["index"] ?? "0", CultureInfo.InvariantCulture);
        using var wait = new CancellationTokenSource(TimeSpan.FromMilliseconds(double.Parse(asked["wait"]?.Replace("ms", "", StringComparison.Ordinal) ?? "0", CultureInfo.InvariantCulture)), clock);
        while (true)
        {
            Task changed;
            Reply state;
            lock (_lock)
            {
                changed = _changed.Task;
                state = _states.GetValueOrDefault(asked.Path) ?? Missing(asked.Path);
            }

            if (index == 0 || state.Index != index || state.IsSilent || state.Error is not null || wait.IsCancellationRequested)
            {
                return await AnswerAsync(state, cancellationToken);
            }

            await changed.WaitAsync(CancellationTokenSource.CreateLinkedTokenSource(wait.Token, cancellationToken).Token).ContinueWith(static _ => { }, TaskScheduler.Default);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static Reply Missing(string path) => path == "/v1/status/leader" ? new Reply("\"127.0.0.1:8300\"") : new Reply("[]", 1);

    private static async Task<HttpResponseMessage> AnswerAsync(Reply reply, CancellationToken cancellationToken)
    {
        if (reply.IsSilent)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        if (reply.Error is { } error)
        {
            throw error;
        }

        var response = new HttpResponseMessage(reply.Status) { Content = new StringContent(reply.Body, Encoding.UTF8, "application/json") };
        response.Headers.Add("X-Consul-KnownLeader", reply.KnownLeader ? "true" : "false");
        if (reply.Index is { } index)
        {
            response.Headers.Add("X-Consul-Index", index.ToString(CultureInfo.InvariantCulture));
        }

        if (reply.Cached)
        {
            response.Headers.Add("X-Cache", "HIT");
        }

        return response;
    }
}
