using Shop.Story.Processes;

namespace Polyglot.Story.Processes;

/// <summary>An instance of a service: a program that knows nothing of the mesh, and the agent beside it.</summary>
/// <param name="startProgram">Starts the program.</param>
/// <param name="startAgent">Starts the agent.</param>
internal sealed class Instance(Func<Child> startProgram, Func<Child> startAgent) : IAsyncDisposable
{
    private readonly Child _agent = startAgent();
    private Child _program = startProgram();

    public void KillProgram() => _program.Kill();

    public void KillAgent() => _agent.Kill();

    /// <summary>Starts the program that was killed again.</summary>
    public async Task StartProgramAgainAsync()
    {
        await _program.DisposeAsync();
        _program = startProgram();
    }

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        await _agent.DisposeAsync();
    }
}
