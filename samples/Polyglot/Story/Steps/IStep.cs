using Polyglot.Story.Measuring;
using Shop.Story.Steps;

namespace Polyglot.Story.Steps;

/// <summary>Something that happens while customers look at pages.</summary>
internal interface IStep
{
    /// <summary>What happens, in a few words.</summary>
    string Title { get; }

    /// <summary>Makes it happen, and looks at what came of it.</summary>
    /// <param name="scene">The rest of the story.</param>
    /// <param name="web">The customers' browser.</param>
    Task<IReadOnlyList<Claim>> PlayAsync(Scene scene, Browser web);
}
