namespace Mesh.Simulation.Plots;

/// <summary>A picture.</summary>
internal interface IPlot
{
    /// <summary>As SVG.</summary>
    string ToSvg();
}
