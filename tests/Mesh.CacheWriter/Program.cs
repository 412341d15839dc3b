using System.Globalization;
using Mesh.Client.Discovery.Cache;
using Mesh.Client.Model;
using Microsoft.Extensions.Logging.Abstractions;

// Writes cache files without a pause, until it is killed: Mesh.CacheWriter FOLDER SERVICE FIRST. Each file holds endpoints that carry its
// number, from FIRST on, and each number is printed when its file is written.
(string folder, string service) = (args[0], args[1]);
var store = new CacheStore(new SystemCacheDisk(), TimeProvider.System, Random.Shared, NullLogger.Instance);
using Stream output = Console.OpenStandardOutput();
using var report = new StreamWriter(output) { AutoFlush = true };
for (long number = long.Parse(args[2], CultureInfo.InvariantCulture); ; number++)
{
    string id = number.ToString(CultureInfo.InvariantCulture);
    EndpointSet set = new([.. Enumerable.Range(1, 100).Select(i => new MeshEndpoint($"10.0.0.{i}", 8080) { Id = id })], id);
    if (!store.Write(folder, service, new CachedAnswer("Registry", set, TimeProvider.System.GetUtcNow())))
    {
        return 1;
    }

    report.WriteLine(id);
}
