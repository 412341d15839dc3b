namespace Mesh.Client.Testing;

/// <summary>A line of a script. Its endpoint's lock guards it.</summary>
internal sealed class ScriptedStep(ScriptedAct act)
{
    public ScriptedAct Act { get; set; } = act;

    /// <summary>For how many calls.</summary>
    public int Count { get; set; } = 1;

    /// <summary>How many calls it has had.</summary>
    public int Used { get; set; }

    /// <summary>Only a delay so far: the next verb completes it instead of adding a step.</summary>
    public bool IsOpen { get; set; }
}
