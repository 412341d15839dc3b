using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;

namespace Polyglot.Story.Measuring;

/// <summary>What a customer looks at pages with: it knows <c>http://web</c>, and an HTTP proxy.</summary>
internal sealed class Browser(Uri proxy) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { Proxy = new WebProxy(proxy), ActivityHeadersPropagator = null }) { BaseAddress = new Uri("http://web"), Timeout = TimeSpan.FromMinutes(1) };

    /// <summary>Looks at a page.</summary>
    /// <param name="id">Which.</param>
    /// <param name="customer">Who looks.</param>
    /// <param name="isTester">Whether by trying what is new.</param>
    /// <exception cref="HttpRequestException">There was another answer than the page.</exception>
    public async Task<Page> GetAsync(int id, string customer, bool isTester)
    {
        using HttpRequestMessage request = Request(id, customer);
        string trace = ActivityTraceId.CreateRandom().ToHexString();
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-01");
        if (isTester)
        {
            request.Headers.Add("x-tester", "1");
        }

        using HttpResponseMessage response = await _http.SendAsync(request);
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }

        return await response.Content.ReadFromJsonAsync<Page>() is { } page ? page with { Trace = trace } : throw new HttpRequestException($"Page {id} is empty.");
    }

    /// <summary>Looks at a page without caring for it.</summary>
    /// <returns>The status, and whether the answer says when to come again.</returns>
    public async Task<(HttpStatusCode Status, bool SaysWhen)> TryAsync(int id, string customer)
    {
        using HttpRequestMessage request = Request(id, customer);
        using HttpResponseMessage response = await _http.SendAsync(request);
        return (response.StatusCode, response.Headers.RetryAfter is not null);
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Request(int id, string customer) => new(HttpMethod.Get, new Uri($"/{id}", UriKind.Relative)) { Headers = { { "x-customer", customer } } };
}
