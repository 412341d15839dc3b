namespace Shop.Story.Steps;

/// <summary>Something that happens to the shop while customers look at pages.</summary>
internal interface IStep
{
    /// <summary>What happens, in a few words.</summary>
    string Title { get; }

    /// <summary>Makes it happen, and looks at what came of it.</summary>
    Task<IReadOnlyList<Claim>> PlayAsync(Scene scene);
}
