namespace Shop.Web;

/// <summary>What a customer sees.</summary>
/// <param name="Order">The order.</param>
/// <param name="By">The instance of <c>web</c> that made the page.</param>
internal sealed record Page(Order Order, string By);
