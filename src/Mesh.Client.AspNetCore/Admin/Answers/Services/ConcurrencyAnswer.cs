namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>The room for calls.</summary>
internal sealed record ConcurrencyAnswer
{
    public int Limit { get; init; }

    public int InFlight { get; init; }

    public int Waiting { get; init; }

    public int QueueLimit { get; init; }

    public bool Adaptive { get; init; }
}
