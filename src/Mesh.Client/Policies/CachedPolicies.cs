using System.Collections.Immutable;
using Mesh.Client.Options;

namespace Mesh.Client.Policies;

/// <summary>The part <c>answer</c> of the file that keeps the last good documents of a source.</summary>
internal sealed record CachedPolicies(string Source, ImmutableArray<PolicyDocument> Documents);
