using System.Runtime.InteropServices;
using System.Text;

namespace Mesh.Client.Discovery.Cache;

/// <summary>
/// Whose a file is, which .NET does not say. Linux is asked by <c>statx(2)</c>, whose record is the same on every architecture; elsewhere a mode
/// that is set to what it is already tells, since only the owner and root may do that.
/// </summary>
internal static class UnixOwner
{
    private const int CurrentFolder = -100;
    private const int DoNotFollow = 0x100;
    private const uint Uid = 0x8;

    /// <summary>Whether a path belongs to somebody else than this process's user or root; a link by itself, not what it leads to.</summary>
    public static bool IsForeign(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        try
        {
            if (OperatingSystem.IsLinux() && statx(CurrentFolder, Encoding.UTF8.GetBytes(path + '\0'), DoNotFollow, Uid, out Record record) == 0)
            {
                return record.Uid != 0 && record.Uid != geteuid();
            }
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            // A C library older than statx.
        }

        return IsRefusedToOwners(path);
    }

    private static bool IsRefusedToOwners(string path)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && new FileInfo(path).LinkTarget is null)
            {
                File.SetUnixFileMode(path, File.GetUnixFileMode(path));
            }

            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
    }

#pragma warning disable SYSLIB1054, SYSLIB1056, CA2101, CA5392, IDE1006 // Blittable, and in the C library that the runtime itself is linked to.
    [DllImport("libc", SetLastError = true)]
    private static extern int statx(int folder, byte[] path, int flags, uint mask, out Record record);

    [DllImport("libc")]
    private static extern uint geteuid();
#pragma warning restore SYSLIB1054, SYSLIB1056, CA2101, CA5392, IDE1006

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Record
    {
        [FieldOffset(20)]
        public uint Uid;
    }
}
