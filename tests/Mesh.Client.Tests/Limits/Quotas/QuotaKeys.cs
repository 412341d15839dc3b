using System.Security.Cryptography;
using System.Text;
using Mesh.Client.Limits.Keys;
using Mesh.Client.Limits.Quotas;

namespace Mesh.Client.Tests.Limits.Quotas;

/// <summary>Finds a key of a quota by its text.</summary>
internal static class QuotaKeys
{
    public static LeasedQuota For(this KeyedQuotas quotas, string key)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        var known = new KeyHash(BitConverter.ToUInt64(hash, 0), BitConverter.ToUInt64(hash, 8));
        return quotas.Find(known) ?? quotas.Add(known, Convert.ToHexStringLower(hash.AsSpan(0, 16)));
    }
}
