using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Mesh.Client.Consul.Tests.Fakes;

/// <summary>A Consul agent's own API on a manual clock: what was registered is there until it is taken out, and a blocking query is held until its hash is another one.</summary>
internal sealed class ScriptedAgent(TimeProvider clock) : HttpMessageHandler
{
    private const string ServicePath = "/v1/agent/service/";

    private readonly Dictionary<string, JsonObject> _services = [];
    private readonly Dictionary<string, JsonObject> _checks = [];
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _hash;
    private int _pending;

    /// <summary>What it was asked and told, such as <c>PUT /v1/agent/service/register</c>.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>Answers instead of its own, in order.</summary>
    public ConcurrentQueue<Reply> Next { get; } = [];

    /// <summary>The answer to all that is asked, such as <see cref="Reply.Refused"/>; <see langword="null"/> is its own.</summary>
    public Reply? Always { get; set; }

    /// <summary>The answer to writes.</summary>
    public Reply? ToWrites { get; set; }

    /// <summary>The writes that have not taken effect yet.</summary>
    public int Pending => Volatile.Read(ref _pending);

    public bool HasLeader { get; set; } = true;

    /// <summary>Runs before a write takes effect; what it returns is waited for.</summary>
    public Func<string, Task>? BeforeWrite { get; set; }

    public int Count(string prefix) => Requests.Count(r => r.StartsWith(prefix, StringComparison.Ordinal));

    public int Registrations => Count("PUT /v1/agent/service/register");

    public JsonObject? Service(string id)
    {
        lock (_lock)
        {
            return _services.GetValueOrDefault(id);
        }
    }

    public JsonObject[] Checks(string id)
    {
        lock (_lock)
        {
            return [.. _checks.Values.Where(c => (string?)c["ServiceID"] == id)];
        }
    }

    /// <summary>Registers as another process would.</summary>
    public void Put(string json) => Put(JsonNode.Parse(json)!.AsObject(), replace: false);

    public void Remove(string id) => Change(() =>
    {
        _services.Remove(id);
        foreach (string check in _checks.Where(c => (string?)c.Value["ServiceID"] == id).Select(static c => c.Key).ToArray())
        {
            _checks.Remove(check);
        }
    });

    /// <summary>Sets the state of all checks of an instance.</summary>
    public void SetChecks(string id, string status, string output) => Change(() =>
    {
        foreach (JsonObject check in _checks.Values.Where(c => (string?)c["ServiceID"] == id))
        {
            check["Status"] = status;
            check["Output"] = output;
        }
    });

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string path = request.RequestUri!.AbsolutePath;
        Requests.Enqueue($"{request.Method} {path}{request.RequestUri.Query}");
        string body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        await Task.Yield();
        if (Always is { } always)
        {
            return await AnswerAsync(always, cancellationToken);
        }

        if (Next.TryDequeue(out Reply? next))
        {
            return await AnswerAsync(next, cancellationToken);
        }

        if (request.Method == HttpMethod.Put)
        {
            Interlocked.Increment(ref _pending);
            try
            {
                await (BeforeWrite?.Invoke(path) ?? Task.CompletedTask);
                return await AnswerAsync(ToWrites ?? Write(path, request.RequestUri.Query, body), cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref _pending);
            }
        }

        return await AnswerAsync(await ReadAsync(path, new Asked(request.RequestUri, default, null), cancellationToken), cancellationToken);
    }

    private async Task<Reply> ReadAsync(string path, Asked asked, CancellationToken cancellationToken)
    {
        if (path == "/v1/status/leader")
        {
            return new Reply(HasLeader ? "\"127.0.0.1:8300\"" : "\"\"");
        }

        if (path == "/v1/agent/checks")
        {
            string id = Uri.UnescapeDataString(asked["filter"]!).Split('"')[1];
            lock (_lock)
            {
                return new Reply(new JsonObject(_checks.Where(c => (string?)c.Value["ServiceID"] == id).Select(static c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value.DeepClone()))).ToJsonString());
            }
        }

        using var wait = new CancellationTokenSource(TimeSpan.FromMilliseconds(double.Parse(asked["wait"]?.Replace("ms", "", StringComparison.Ordinal) ?? "0", CultureInfo.InvariantCulture)), clock);
        string name = Uri.UnescapeDataString(path[ServicePath.Length..]);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                changed = _changed.Task;
                if (!_services.TryGetValue(name, out JsonObject? service))
                {
                    return new Reply($"unknown service ID: {name}") { Status = HttpStatusCode.NotFound };
                }

                if (asked["hash"] is not { } hash || (string?)service["ContentHash"] != hash || wait.IsCancellationRequested)
                {
                    return new Reply(service.ToJsonString());
                }
            }

            using var either = CancellationTokenSource.CreateLinkedTokenSource(wait.Token, cancellationToken);
            await changed.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private Reply Write(string path, string query, string body)
    {
        string name = Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]);
        switch (path)
        {
            case "/v1/agent/service/register":
                Put(JsonNode.Parse(body)!.AsObject(), query.Contains("replace-existing-checks=true", StringComparison.Ordinal));
                return new Reply("");
            case var _ when path.StartsWith("/v1/agent/service/deregister/", StringComparison.Ordinal):
                Remove(name);
                return new Reply("");
            case var _ when path.StartsWith("/v1/agent/check/deregister/", StringComparison.Ordinal):
                Change(() => _checks.Remove(name));
                return new Reply("");
            default:
                lock (_lock)
                {
                    return _checks.ContainsKey(name) ? new Reply("") : new Reply($"CheckID \"{name}\" does not have associated TTL") { Status = HttpStatusCode.InternalServerError };
                }
        }
    }

    // As Consul does it: a check keeps the state that it had under its id.
    private void Put(JsonObject form, bool replace) => Change(() =>
    {
        string id = (string)form["ID"]!;
        string[] given = [.. (form["Checks"]?.AsArray() ?? []).Select(static c => (string)c!["CheckID"]!)];
        foreach (string check in _checks.Where(c => replace && (string?)c.Value["ServiceID"] == id && !given.Contains(c.Key)).Select(static c => c.Key).ToArray())
        {
            _checks.Remove(check);
        }

        foreach (JsonNode? check in form["Checks"]?.AsArray() ?? [])
        {
            _checks.TryAdd((string)check!["CheckID"]!, new JsonObject { ["CheckID"] = (string)check["CheckID"]!, ["ServiceID"] = id, ["Status"] = (string?)check["Status"] ?? "critical", ["Output"] = "" });
        }

        var service = new JsonObject
        {
            ["ID"] = id, ["Service"] = form["Name"]?.DeepClone(), ["Address"] = form["Address"]?.DeepClone() ?? "", ["Port"] = form["Port"]?.DeepClone() ?? 0, ["Tags"] = form["Tags"]?.DeepClone() ?? new JsonArray(),
            ["Meta"] = form["Meta"]?.DeepClone() ?? new JsonObject(), ["Weights"] = form["Weights"]?.DeepClone() ?? new JsonObject { ["Passing"] = 1, ["Warning"] = 1 },
        };
        if (_services.GetValueOrDefault(id) is not { } before || !JsonNode.DeepEquals(Bare(before), service))
        {
            service["ContentHash"] = $"h{++_hash}";
            _services[id] = service;
        }
    });

    private static JsonObject Bare(JsonObject service)
    {
        JsonObject bare = service.DeepClone().AsObject();
        bare.Remove("ContentHash");
        return bare;
    }

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
            TaskCompletionSource before = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            before.SetResult();
        }
    }

    private static async Task<HttpResponseMessage> AnswerAsync(Reply reply, CancellationToken cancellationToken)
    {
        if (reply.IsSilent)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        return reply.Error is { } error ? throw error : new HttpResponseMessage(reply.Status) { Content = new StringContent(reply.Body, Encoding.UTF8, "application/json") };
    }
}
