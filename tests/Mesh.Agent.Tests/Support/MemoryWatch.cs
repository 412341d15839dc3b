namespace Mesh.Agent.Tests.Support;

/// <summary>Looks at the memory in use while a stream is read to its end.</summary>
internal sealed class MemoryWatch
{
    private const int Looks = 5;

    private readonly long _before = GC.GetTotalMemory(forceFullCollection: true);

    /// <summary>The most bytes above those at the begin.</summary>
    public long Most { get; private set; }

    /// <summary>Reads a stream of about 100 MB.</summary>
    /// <returns>Its length.</returns>
    public async Task<long> DrainAsync(Stream stream)
    {
        const long Step = 100L * 1024 * 1024 / Looks;
        byte[] buffer = new byte[64 * 1024];
        long received = 0;
        while (await stream.ReadAsync(buffer, TestContext.Current.CancellationToken) is var read and > 0)
        {
            if (received / Step != (received + read) / Step)
            {
                Most = Math.Max(Most, GC.GetTotalMemory(forceFullCollection: true) - _before);
            }

            received += read;
        }

        return received;
    }
}
