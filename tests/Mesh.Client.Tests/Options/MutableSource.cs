using Microsoft.Extensions.Configuration;

namespace Mesh.Client.Tests.Options;

/// <summary>A configuration source whose content a test replaces as a whole, as a file's is.</summary>
internal sealed class MutableSource : ConfigurationProvider, IConfigurationSource
{
    private int _childKeyCalls;

    public MutableSource(params (string Key, string? Value)[] entries)
    {
        Write(entries);
    }

    public int ChildKeyCalls => _childKeyCalls;

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public void Write(params (string Key, string? Value)[] entries) => Data = entries.ToDictionary(static e => e.Key, static e => e.Value, StringComparer.OrdinalIgnoreCase);

    public void Replace(params (string Key, string? Value)[] entries)
    {
        Write(entries);
        OnReload();
    }

    public void Touch() => OnReload();

    public override IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath)
    {
        Interlocked.Increment(ref _childKeyCalls);
        return base.GetChildKeys(earlierKeys, parentPath);
    }
}
