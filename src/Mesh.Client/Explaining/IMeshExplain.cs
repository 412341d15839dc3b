namespace Mesh.Client.Explaining;

/// <summary>
/// Says what would become of a request, and why: which route matches and which do not, where it goes, and in what state the endpoints are. It asks the same code that calls go through and
/// changes nothing but that a service which nobody has called yet is looked up. Get it from the application's services once <c>AddMesh</c> was called.
/// </summary>
public interface IMeshExplain
{
    /// <summary>Explains a request, as it would be sent at this moment from here.</summary>
    /// <param name="request">The request: its method, its absolute logical URI and its headers. It is not sent, and its content is not read.</param>
    /// <param name="cancellationToken">Ends the wait for the first answer of the sources, which no later call needs.</param>
    /// <exception cref="ArgumentException">The URI is missing or not absolute.</exception>
    Task<MeshExplanation> ExplainAsync(HttpRequestMessage request, CancellationToken cancellationToken = default);
}
