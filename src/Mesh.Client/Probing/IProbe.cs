namespace Mesh.Client.Probing;

/// <summary>Asks one endpoint whether it is well, over a connection of its own.</summary>
internal interface IProbe : IDisposable
{
    /// <summary>Asks once. May throw anything, which is one more way to be unwell.</summary>
    /// <param name="cancellationToken">Ends the probe.</param>
    /// <returns>What is wrong; <see langword="null"/> where the endpoint is well.</returns>
    Task<string?> AskAsync(CancellationToken cancellationToken);
}
