using System.Globalization;

namespace Mesh.IntegrationTests.Consul.Processes;

/// <summary>Calls to a Mesh.TestService as a client makes them: of a hundred ten are POST, and two take 300 ms. An error says what became of which call.</summary>
internal sealed class MixedCalls(HttpClient client, string service, bool withPosts = true)
{
    private int _posts;
    private int _cutBodies;

    public int Posts => _posts;

    /// <summary>Calls that were cut after their headers had arrived, which nobody can send again.</summary>
    public int CutBodies => _cutBodies;

    public async Task CallAsync(int number)
    {
        bool isPost = withPosts && number % 10 == 3;
        using var request = new HttpRequestMessage(isPost ? HttpMethod.Post : HttpMethod.Get, $"http://{service}.mesh/{(number % 50 == 7 ? "slow" : "")}");
        if (isPost)
        {
            Interlocked.Increment(ref _posts);
            request.Content = new StringContent(number.ToString(CultureInfo.InvariantCulture));
        }

        using HttpResponseMessage response = await HeadersAsync(request, number);
        try
        {
            Assert.True(response.IsSuccessStatusCode, $"{request.Method} {number}: {response.StatusCode}");
            Assert.NotEmpty(await response.Content.ReadAsStringAsync());
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            Interlocked.Increment(ref _cutBodies);
        }
    }

    private async Task<HttpResponseMessage> HeadersAsync(HttpRequestMessage request, int number)
    {
        try
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"{request.Method} {number}: no headers", error);
        }
    }
}
