namespace Mesh.Client.Model;

/// <summary>Which requests enter a lane on the receiving side.</summary>
/// <param name="Lane">The lane.</param>
/// <param name="Match">The requests it is for, their fraction left out.</param>
/// <param name="Fraction">The share of them that enters.</param>
/// <param name="Key">What decides whether a request is in the fraction; <see langword="null"/> draws.</param>
internal sealed record LaneRule(string Lane, RouteMatch Match, double Fraction, RequestPart? Key);
