using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mesh.IntegrationTests.Certificates;

/// <summary>A certificate authority of a test, with its files in a folder of its own.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mesh-authority-").FullName;
    private readonly RSA _key = RSA.Create(2048);
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private byte _serial;

    public TestAuthority()
    {
        var request = new CertificateRequest("CN=authority", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        Certificate = request.CreateSelfSigned(_now.AddDays(-1), _now.AddDays(2));
        File.WriteAllText(PathOf("authority"), Certificate.ExportCertificatePem());
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>The file of a certificate, in PEM.</summary>
    public string PathOf(string name) => Path.Combine(_folder, $"{name}.pem");

    /// <summary>The file of a certificate's key, in PEM.</summary>
    public string KeyOf(string name) => Path.Combine(_folder, $"{name}.key");

    /// <summary>Issues a certificate for 127.0.0.1 and writes it to its files.</summary>
    /// <param name="name">The name of the files, and the certificate's own.</param>
    /// <param name="hosts">Host names that it is for too.</param>
    public X509Certificate2 Issue(string name, params string[] hosts)
    {
        using RSA key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        Array.ForEach(hosts, names.AddDnsName);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 signed = request.Create(Certificate, _now.AddDays(-1), _now.AddDays(1), [++_serial]);
        using X509Certificate2 whole = signed.CopyWithPrivateKey(key);
        File.WriteAllText(PathOf(name), whole.ExportCertificatePem());
        File.WriteAllText(KeyOf(name), key.ExportPkcs8PrivateKeyPem());
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), null);
    }

    /// <summary>What a client needs to trust this authority, and no other.</summary>
    public SslClientAuthenticationOptions Trust()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(Certificate);
        return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
    }

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
