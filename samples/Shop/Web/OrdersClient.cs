namespace Shop.Web;

/// <summary>An ordinary typed client. It knows nothing of instances, retries or breakers.</summary>
internal sealed class OrdersClient(HttpClient http)
{
    public async Task<Order> GetAsync(int id, CancellationToken end) =>
        await http.GetFromJsonAsync<Order>($"/orders/{id}", end) ?? throw new HttpRequestException($"Order {id}: the answer is empty.");
}
