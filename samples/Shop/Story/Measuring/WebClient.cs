using System.Net.Http.Json;

namespace Shop.Story.Measuring;

/// <summary>An ordinary typed client.</summary>
internal sealed class WebClient(HttpClient http)
{
    public async Task<Page> GetAsync(int id) => await http.GetFromJsonAsync<Page>($"/{id}") ?? throw new HttpRequestException($"Page {id} is empty.");
}
