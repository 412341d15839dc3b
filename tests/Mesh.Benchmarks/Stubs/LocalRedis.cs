using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Mesh.Benchmarks.Stubs;

/// <summary>A redis-server of the benchmarks' own, without data on disk.</summary>
internal sealed class LocalRedis : IDisposable
{
    private readonly Process _process;

    private LocalRedis(Process process, string address) => (_process, Address) = (process, address);

    public string Address { get; }

    /// <summary>Starts one from <c>$MESH_TOOLS/redis</c>, <c>.tools/redis</c> or the path.</summary>
    /// <returns><see langword="null"/> where there is none on this machine.</returns>
    public static LocalRedis? TryStart()
    {
        string tools = Path.Combine(Environment.GetEnvironmentVariable("MESH_TOOLS") ?? ".tools", "redis", "redis-server");
        foreach (string program in (string[])[tools, "redis-server"])
        {
            try
            {
                string port = FreePort().ToString(CultureInfo.InvariantCulture);
                string[] arguments = ["--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--loglevel", "warning"];
                return new LocalRedis(Process.Start(new ProcessStartInfo(program, arguments))!, $"127.0.0.1:{port}");
            }
            catch (Win32Exception)
            {
                continue;
            }
        }

        return null;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
