using Mesh.Client;

namespace Shop.Orders;

/// <summary>An ordinary typed client.</summary>
internal sealed class InventoryClient(HttpClient http)
{
    /// <summary>The stock of an item, or nothing where that is not known in time: an order can be shown without it.</summary>
    public async Task<Stock?> FindAsync(int item, CancellationToken end)
    {
        try
        {
            return await http.GetFromJsonAsync<Stock>($"/stock/{item}", end);
        }
        catch (MeshException late) when (late.Error is MeshError.Timeout)
        {
            return null;
        }
    }
}
