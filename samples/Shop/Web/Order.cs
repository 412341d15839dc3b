namespace Shop.Web;

/// <summary>An order, and which instances had a hand in it.</summary>
internal sealed record Order(int Id, int? InStock, string By, string? StockBy);
