using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Mesh.Client.Options.Reading;

namespace Mesh.Client.Consul.Api;

/// <summary>
/// Asks Consul's HTTP API and tells it things. Its connections are its own and never go through the mesh. Every question ends: a client-side limit of the wait, a
/// sixteenth of it, which Consul adds as jitter, and 5 s for the way.
/// </summary>
internal sealed class ConsulClient(Func<ConsulPolicy, HttpMessageInvoker> connect, Func<ConsulPolicy> policy, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan OnTheWay = TimeSpan.FromSeconds(5);
    private const int MaxExcerpt = 200;

    private readonly SemaphoreSlim _longBodies = new(2, 2);

    private readonly Lazy<HttpMessageInvoker> _http = new(() => connect(policy()));

    public ConsulPolicy Policy => policy();

    public void Dispose()
    {
        if (_http.IsValueCreated)
        {
            _http.Value.Dispose();
        }
    }

    /// <summary>Asks a question and reads the whole answer.</summary>
    /// <exception cref="ConsulException">It could not be asked, or was not answered with 200.</exception>
    public async Task<ConsulAnswer> GetAsync(ConsulQuery query, CancellationToken cancellationToken)
    {
        ConsulPolicy current = Policy;
        using var request = new HttpRequestMessage(HttpMethod.Get, Uri(current.Address, query));
        return await SendAsync(query, request, current.Token, query.IsBlocking ? query.Wait + (query.Wait / 16) + OnTheWay : OnTheWay, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Tells Consul something.</summary>
    /// <param name="query">Where to.</param>
    /// <param name="json">What; empty where the path says it all.</param>
    /// <param name="cancellationToken">Gives up; Consul may have heard it all the same.</param>
    /// <exception cref="ConsulException">It could not be told, or was not answered with 200.</exception>
    public async Task PutAsync(ConsulQuery query, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        ConsulPolicy current = Policy;
        using var request = new HttpRequestMessage(HttpMethod.Put, Uri(current.Address, query)) { Content = new ReadOnlyMemoryContent(json) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using ConsulAnswer answer = await SendAsync(query, request, current.Token, OnTheWay, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes an error of an answer that cannot be read.</summary>
    public ConsulException Unreadable(ConsulQuery query, string why) =>
        new($"GET {Uri(Policy.Address, query)} was answered with something else than Consul's: {OptionErrors.Clean(why, MaxExcerpt)}", isOutage: false);

    private async Task<ConsulAnswer> SendAsync(ConsulQuery query, HttpRequestMessage request, string token, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        if (token.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("X-Consul-Token", token);
        }

        try
        {
            using HttpResponseMessage response = await _http.Value.SendAsync(request, end.Token).ConfigureAwait(false);
            return await ReadAsync(query, request, response, end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ConsulException(string.Create(CultureInfo.InvariantCulture, $"{Subject(request)} had no whole answer within {limit:c}"), isOutage: true);
        }
        catch (Exception error) when (error is not ConsulException)
        {
            // What is given up may fail in any way, and is given up all the same.
            cancellationToken.ThrowIfCancellationRequested();
            throw new ConsulException($"{Subject(request)} failed: {OptionErrors.Clean(error.Message, MaxExcerpt)}", isOutage: true, error);
        }
    }

    private async Task<ConsulAnswer> ReadAsync(ConsulQuery query, HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        int status = (int)response.StatusCode;
        BoundedBody? body = await BoundedBody.ReadAsync(response.Content, _longBodies, cancellationToken).ConfigureAwait(false);
        if (body is null)
        {
            throw new ConsulException($"{Subject(request)} was answered with {status} and more than {BoundedBody.MaxBytes} bytes, which are not read", isOutage: status >= 500);
        }

        var answer = new ConsulAnswer(body)
        {
            Index = Math.Max(1, ulong.TryParse(Header(response, "X-Consul-Index"), NumberStyles.None, CultureInfo.InvariantCulture, out ulong index) ? index : 0),
            KnownLeader = !string.Equals(Header(response, "X-Consul-KnownLeader"), "false", StringComparison.OrdinalIgnoreCase),
            IsCached = string.Equals(Header(response, "X-Cache"), "HIT", StringComparison.OrdinalIgnoreCase),
            IsMissing = status == 404 && query.MayBeMissing && index > 0,
        };
        if (status == 200 || answer.IsMissing)
        {
            return answer;
        }

        string excerpt = OptionErrors.Clean(Encoding.UTF8.GetString(answer.Body[..Math.Min(answer.Body.Length, MaxExcerpt)]).Trim(), MaxExcerpt);
        answer.Dispose();
        string needed = request.Method == HttpMethod.Put ? "service:write on the service's name" : query.Needs;
        string remedy = status is 401 or 403 ? $". Check Mesh:Consul:Token: it needs {needed}" : "";
        throw new ConsulException($"{Subject(request)} was answered with {status}: {excerpt}{remedy}", isOutage: status is 429 or >= 500) { Status = status };
    }

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;

    private static string Subject(HttpRequestMessage request) => $"{request.Method} {request.RequestUri}";

    private static Uri Uri(Uri address, ConsulQuery query)
    {
        var text = new StringBuilder("/v1/").Append(query.Path);
        char mark = '?';
        if (query.Datacenter.Length > 0)
        {
            Add("dc", System.Uri.EscapeDataString(query.Datacenter));
        }

        if (query.Recurse)
        {
            text.Append(mark).Append("recurse");
            mark = '&';
        }

        if (query.Stale)
        {
            text.Append(mark).Append("stale");
            mark = '&';
        }

        if (query.Filter.Length > 0)
        {
            Add("filter", System.Uri.EscapeDataString(query.Filter));
        }

        if (query.ReplaceChecks)
        {
            Add("replace-existing-checks", "true");
        }

        if (query.Index > 0)
        {
            Add("index", query.Index.ToString(CultureInfo.InvariantCulture));
        }

        if (query.Hash.Length > 0)
        {
            Add("hash", System.Uri.EscapeDataString(query.Hash));
        }

        if (query.IsBlocking)
        {
            Add("wait", string.Create(CultureInfo.InvariantCulture, $"{(long)query.Wait.TotalMilliseconds}ms"));
        }

        return new Uri(address, text.ToString());

        void Add(string name, string value)
        {
            text.Append(mark).Append(name).Append('=').Append(value);
            mark = '&';
        }
    }
}
