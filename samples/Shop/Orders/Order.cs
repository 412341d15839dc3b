namespace Shop.Orders;

/// <summary>An order, and which instances had a hand in it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="InStock">How many there are; <see langword="null"/> where nobody knew in time.</param>
/// <param name="By">The instance of <c>orders</c>.</param>
/// <param name="StockBy">The instance of <c>inventory</c>, if one answered.</param>
internal sealed record Order(int Id, int? InStock, string By, string? StockBy);
