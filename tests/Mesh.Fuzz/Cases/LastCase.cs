using System.IO.MemoryMappedFiles;
using System.Text;
using Mesh.Fuzz.Mutations;

namespace Mesh.Fuzz.Cases;

/// <summary>
/// The case under way, in a file in memory that outlives the process: a stack that overflows, or a hang that somebody ends, leaves its input there, and <c>tests/fuzz.sh</c> keeps it in the corpus. Only
/// where <c>MESH_FUZZ_LAST</c> names the file.
/// </summary>
internal sealed class LastCase : IDisposable
{
    // The length of the input, the target's name in 60 bytes, the input.
    private const int Head = 64;

    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;

    public LastCase()
    {
        if (Environment.GetEnvironmentVariable("MESH_FUZZ_LAST") is { Length: > 0 } path)
        {
            _file = MemoryMappedFile.CreateFromFile(path, FileMode.Create, null, Head + Mutator.MaxLength);
            _view = _file.CreateViewAccessor();
        }
    }

    public void Begin(string target, byte[] input)
    {
        if (_view is not null)
        {
            _view.WriteArray(Head, input, 0, Math.Min(input.Length, Mutator.MaxLength));
            byte[] name = Encoding.ASCII.GetBytes(target.PadRight(Head - sizeof(int)));
            _view.WriteArray(sizeof(int), name, 0, Head - sizeof(int));
            _view.Write(0, input.Length);
        }
    }

    public void End() => _view?.Write(0, -1);

    public void Dispose()
    {
        _view?.Dispose();
        _file?.Dispose();
    }
}
