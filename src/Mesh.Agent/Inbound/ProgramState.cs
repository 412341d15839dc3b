namespace Mesh.Agent.Inbound;

/// <summary>How the local program stands.</summary>
/// <param name="changed">Told of every change.</param>
internal sealed class ProgramState(Action changed)
{
    private volatile bool _isWell;

    /// <summary>Whether it passes its health check. Before the first answer it does not.</summary>
    public bool IsWell
    {
        get => _isWell;
        set
        {
            if (value != _isWell)
            {
                _isWell = value;
                changed();
            }
        }
    }
}
