using System.Runtime.CompilerServices;
using Mesh.Client.Model;

namespace Mesh.Client.Services.Routes;

/// <summary>What makes a service look different to some of its calls.</summary>
/// <param name="Route">The route, by reference: its content is many values to compare; <see langword="null"/> where none matched.</param>
/// <param name="Labels">The labels that endpoints must have.</param>
/// <param name="Lane">The lane; <see langword="null"/> outside of any.</param>
internal readonly record struct ViewKey(RoutePolicy? Route, LabelSet Labels, string? Lane)
{
    /// <summary>The limits of the service whose route it is, by reference: one route may be of many services, and lead the calls of all of them to one. <see langword="null"/> until the view is made.</summary>
    public ServiceGuards? Guards { get; init; }

    /// <summary>Whether it is the service as calls outside of routes and lanes see it.</summary>
    public bool IsWhole => Route is null && Lane is null && Labels.Count == 0;

    public bool Equals(ViewKey other) => ReferenceEquals(Route, other.Route) && ReferenceEquals(Guards, other.Guards) && Lane == other.Lane && Labels.Equals(other.Labels);

    public override int GetHashCode() => HashCode.Combine(RuntimeHelpers.GetHashCode(Route), Labels.GetHashCode(), Lane?.GetHashCode(StringComparison.Ordinal) ?? 0);
}
