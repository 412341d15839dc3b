using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Mesh.Agent.Tests.Support;

namespace Mesh.Agent.Tests.Admin;

/// <summary>A program without a library at the admin listener.</summary>
internal sealed class AdminCaller(Uri admin) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = admin };

    public AdminCaller(TestAgent agent)
        : this(agent.Admin)
    {
    }

    /// <summary>Registers by a body of JSON.</summary>
    public Task<(int Status, JsonElement Body)> PutAsync(string id, string json) => SendAsync(HttpMethod.Put, $"/v1/registrations/{id}", json);

    public Task<(int Status, JsonElement Body)> DeleteAsync(string id) => SendAsync(HttpMethod.Delete, $"/v1/registrations/{id}", null, ("X-Mesh-Admin", "1"));

    public Task<(int Status, JsonElement Body)> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    /// <summary>Sends whatever is wanted.</summary>
    public async Task<(int Status, JsonElement Body)> SendAsync(HttpMethod method, string path, string? json, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        foreach ((string name, string value) in headers)
        {
            if (name == "Content-Type")
            {
                request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using HttpResponseMessage response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        byte[] body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) is true ? JsonElement.Parse(body) : default);
    }

    /// <summary>How a program that is registered stands.</summary>
    public async Task<string?> StateAsync(string id)
    {
        (int status, JsonElement body) = await GetAsync($"/v1/registrations/{id}");
        return status == 200 ? body.GetProperty("state").GetString() : null;
    }

    public void Dispose() => _client.Dispose();
}
