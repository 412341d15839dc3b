namespace Quickstart.Orders;

/// <summary>What the service answers.</summary>
/// <param name="Id">The number that was asked for.</param>
/// <param name="Instance">The instance that answered.</param>
internal sealed record Order(int Id, string Instance);
