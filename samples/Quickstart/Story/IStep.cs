namespace Quickstart.Story;

/// <summary>Something that happens to the service, and what must have held when all is over.</summary>
internal interface IStep
{
    /// <summary>What happens, in a few words.</summary>
    string Title { get; }

    /// <summary>Makes it happen, and lets it last long enough to be seen.</summary>
    Task RunAsync(Scene scene);

    /// <summary>Reads the instruments when the run is over.</summary>
    IEnumerable<Claim> Judge(Scene scene);
}
