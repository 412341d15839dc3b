using System.ComponentModel.DataAnnotations;

namespace Mesh.Client.Options;

/// <summary>One line in the log for each call, in the category <c>Mesh.Client.AccessLog</c>: the section <c>AccessLog</c>. Off unless <see cref="Enabled"/>.</summary>
public sealed class AccessLogOptions
{
    /// <summary>Whether calls are logged.</summary>
    /// <value>Default false.</value>
    public bool Enabled { get; set; }

    /// <summary>The share of the good calls that is logged. Calls that fail are logged always.</summary>
    /// <value>Default 1; from 0 to 1.</value>
    [Range(0.0, 1.0)]
    public double SampleRatio { get; set; } = 1;
}
