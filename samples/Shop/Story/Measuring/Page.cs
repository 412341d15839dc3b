namespace Shop.Story.Measuring;

/// <summary>What the customer gets to see.</summary>
internal sealed record Page(Order Order, string By)
{
    /// <summary>Whether an instance had a hand in it.</summary>
    public bool IsFrom(string instance) => By == instance || Order.By == instance || Order.StockBy == instance;
}
