namespace Mesh.Client.Probing;

/// <summary>A probe whose endpoint can say by itself when its health changes.</summary>
internal interface IWatchProbe : IProbe
{
    /// <summary>Listens until the endpoint says no more. May throw anything, which is one more way to end.</summary>
    /// <param name="tell">Is told what is wrong each time that the endpoint says it, <see langword="null"/> where it is well.</param>
    /// <param name="cancellationToken">Ends the listening.</param>
    /// <returns>Whether the endpoint knows how to say it at all.</returns>
    Task<bool> WatchAsync(Action<string?> tell, CancellationToken cancellationToken);
}
