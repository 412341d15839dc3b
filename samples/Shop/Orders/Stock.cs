namespace Shop.Orders;

/// <summary>How many of an item there are, and which instance says so.</summary>
internal sealed record Stock(int Item, int Count, string By);
