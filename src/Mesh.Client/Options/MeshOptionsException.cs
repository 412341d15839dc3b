using Microsoft.Extensions.Options;

namespace Mesh.Client.Options;

/// <summary>The configuration of the mesh cannot be used. The message lists every error with its key, its value and the remedy.</summary>
public sealed class MeshOptionsException : OptionsValidationException
{
    private readonly string _message;

    /// <summary>Makes the error.</summary>
    /// <param name="failures">The errors, each with its key, its value and the remedy.</param>
    public MeshOptionsException(IEnumerable<string> failures)
        : this([.. failures])
    {
    }

    private MeshOptionsException(string[] failures)
        : base(nameof(Mesh), typeof(MeshOptions), failures)
    {
        _message = $"The mesh cannot start with this configuration:{Environment.NewLine}{string.Join(Environment.NewLine, failures)}";
    }

    /// <summary>A heading, then one error a line.</summary>
    public override string Message => _message;
}
