using Mesh.Fuzz.Mutations;

namespace Mesh.Fuzz.Targets;

/// <summary>A reader of what comes from outside.</summary>
internal interface IFuzzTarget
{
    /// <summary>Its name, which is that of its folder in the corpus.</summary>
    string Name { get; }

    /// <summary>What its input is made of.</summary>
    Grammar Grammar { get; }

    /// <summary>Reads an input. Exceptions that the reader documents are an answer; any other is a fault, and so is whatever the target throws where readers disagree.</summary>
    /// <returns>The kind of the answer: inputs of another kind are worth keeping.</returns>
    int Run(byte[] input);
}
