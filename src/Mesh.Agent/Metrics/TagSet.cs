namespace Mesh.Agent.Metrics;

/// <summary>The attributes of a series, in the order in which they were said.</summary>
/// <param name="Tags">The attributes.</param>
internal readonly record struct TagSet(KeyValuePair<string, object?>[] Tags);
