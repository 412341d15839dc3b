using System.Net.Http.Json;
using Quickstart.Orders;

namespace Quickstart.Client;

/// <summary>An ordinary typed client. It knows nothing of instances, retries or breakers.</summary>
internal sealed class OrdersClient(HttpClient http)
{
    public async Task<Order> GetAsync(int id) =>
        await http.GetFromJsonAsync<Order>($"/orders/{id}") ?? throw new HttpRequestException($"Order {id}: the answer is empty.");
}
